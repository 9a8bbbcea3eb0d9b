/** Roles that are started anew while cancels come in. */
package io.countermand.app.restart;
