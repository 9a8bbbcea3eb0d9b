/** Reports of audits that lie in a directory, for auditors. */
@NullMarked
package io.countermand.console.reports;

import org.jspecify.annotations.NullMarked;
