/**
 * One call in the place of many: who may ride in it, and what it means for each. Knows no topic:
 * markers and answers are each attempt's own.
 */
@NullMarked
package io.countermand.desk.bulk;

import org.jspecify.annotations.NullMarked;
