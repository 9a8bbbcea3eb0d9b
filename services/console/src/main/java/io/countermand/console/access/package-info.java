/** Who may look and act: users, sign-in, sessions, and what a request must carry. */
@NullMarked
package io.countermand.console.access;

import org.jspecify.annotations.NullMarked;
