/**
 * Commands that look back on what became of intents, by the topics or an archive of them: {@code
 * archive}, {@code audit}, {@code replay} and {@code story}. The {@code audit} module does the
 * work.
 */
package io.countermand.app.audit;
