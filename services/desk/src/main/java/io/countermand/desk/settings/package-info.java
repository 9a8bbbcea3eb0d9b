/** What a desk is told by configuration, and its share of each venue's rate. */
@NullMarked
package io.countermand.desk.settings;

import org.jspecify.annotations.NullMarked;
