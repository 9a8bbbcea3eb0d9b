/**
 * What a program embeds to ask for cancels and to hear of them, at both ends of the flow: intents,
 * mass cancels, heartbeats and order events go in, outcomes, findings and order states come out. Of
 * our modules it needs the schemas only.
 */
@NullMarked
package io.countermand.client;

import org.jspecify.annotations.NullMarked;
