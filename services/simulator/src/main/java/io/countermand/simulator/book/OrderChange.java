package io.countermand.simulator.book;

/**
 * One change in the book.
 *
 * @param order as it is after the change
 * @param cause "place", "fill", "reduce", "cancel", "reject", "expire" or "correct"
 * @param call the request that did it (see {@code Journal}); 0 for none
 */
public record OrderChange(Order order, String cause, long call) {
  public boolean correction() {
    return cause.equals("correct");
  }
}
