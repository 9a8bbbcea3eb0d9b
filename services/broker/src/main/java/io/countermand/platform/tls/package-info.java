/** How a local server shows who it is. */
package io.countermand.platform.tls;
