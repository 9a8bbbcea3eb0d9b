/** Who may do what at the brokers: as it is, and as it must be. */
package io.countermand.platform.acls;
