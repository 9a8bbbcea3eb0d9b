/** What locks a platform on this machine: certificates, passwords, and where they are kept. */
package io.countermand.platform.locked;
