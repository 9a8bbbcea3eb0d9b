package io.countermand.domain;

/** Names of the {@link Reply} kinds, for records and tables. */
public enum ReplyKind {
  AMBIGUOUS,
  CANCELED,
  ACCEPTED,
  NOT_OPEN,
  UNKNOWN_ORDER,
  REFUSED,
  RETRY_LATER,
  UNAUTHORIZED,
  NOT_SENT,
  STATUS,
  GONE_OR_UNKNOWN;

  public static ReplyKind of(Reply reply) {
    return switch (reply) {
      case Reply.Canceled _ -> CANCELED;
      case Reply.Accepted _ -> ACCEPTED;
      case Reply.NotOpen _ -> NOT_OPEN;
      case Reply.UnknownOrder _ -> UNKNOWN_ORDER;
      case Reply.GoneOrUnknown _ -> GONE_OR_UNKNOWN;
      case Reply.Refused _ -> REFUSED;
      case Reply.RetryLater _ -> RETRY_LATER;
      case Reply.Unauthorized _ -> UNAUTHORIZED;
      case Reply.Ambiguous _ -> AMBIGUOUS;
      case Reply.NotSent _ -> NOT_SENT;
      case Reply.Status _ -> STATUS;
    };
  }
}
