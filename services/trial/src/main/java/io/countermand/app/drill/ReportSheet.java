package io.countermand.app.drill;

import java.util.List;

/** A page of plain parts, which is the same in HTML, in Markdown and on a screen. */
record ReportSheet(String title, Mood mood, String verdict, List<Part> parts) {

  /** How the verdict is shown. */
  enum Mood {
    GOOD,
    GAPS,
    BAD
  }

  /** What a page is made of. */
  sealed interface Part {}

  record Heading(String text) implements Part {}

  record Text(String text) implements Part {}

  record Bullets(List<String> texts) implements Part {}

  /** The first column is text; the others are figures where {@code figures} says so. */
  record Table(List<String> head, boolean figures, List<List<String>> rows) implements Part {}
}
