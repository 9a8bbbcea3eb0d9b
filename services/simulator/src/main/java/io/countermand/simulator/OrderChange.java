package io.countermand.simulator;

/**
 * One change in the book.
 *
 * @param order as it is after the change
 * @param cause "place", "fill", "reduce", "cancel", "reject", "expire" or "correct"
 * @param call the request that did it (see {@link Journal}); 0 for none
 */
record OrderChange(Order order, String cause, long call) {
  boolean correction() {
    return cause.equals("correct");
  }
}
