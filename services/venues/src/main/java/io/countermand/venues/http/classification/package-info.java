/** What an HTTP answer means, for the cancel and for the venue: a reply, and perhaps a pause. */
@NullMarked
package io.countermand.venues.http.classification;

import org.jspecify.annotations.NullMarked;
