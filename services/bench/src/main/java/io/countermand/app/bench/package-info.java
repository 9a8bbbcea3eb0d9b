/** The command {@code bench}: its options, and where its reports go. */
package io.countermand.app.bench;
