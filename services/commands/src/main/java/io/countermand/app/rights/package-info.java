/** Which role may do what in Kafka, and who is which role. */
package io.countermand.app.rights;
