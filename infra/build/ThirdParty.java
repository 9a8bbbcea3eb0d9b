import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/** Writes the list of what we depend upon into THIRD-PARTY.md, out of the bill of materials. */
class ThirdParty {
  private static final String HEAD = "## Depended upon\n";

  public static void main(String[] args) throws Exception {
    var bom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(args[0]);
    var all = bom.getElementsByTagName("component");
    Map<String, String> rows = new TreeMap<>();
    for (int i = 0; i < all.getLength(); i++) {
      var component = (Element) all.item(i);
      String group = text(component, "group");
      if (!group.equals("io.countermand") && !group.isEmpty()) {
        var licences = new TreeSet<String>();
        var each = component.getElementsByTagName("license");
        for (int j = 0; j < each.getLength(); j++) {
          String id = text((Element) each.item(j), "id");
          licences.add(id.isEmpty() ? text((Element) each.item(j), "name") : id);
        }
        String expression = text(component, "expression");
        if (!expression.isEmpty()) {
          licences.add(expression);
        }
        rows.put(
            group + ":" + text(component, "name"),
            "%s | %s".formatted(text(component, "version"), String.join(" or ", licences)));
      }
    }
    Path page = Path.of(args[1]);
    String old = Files.readString(page);
    var out = new StringBuilder(old.substring(0, old.indexOf(HEAD))).append(HEAD);
    out.append("\nWritten by `mvn -Psupply -DskipTests package`, out of the bill of materials.\n");
    out.append("\n| component | version | licence |\n|---|---|---|\n");
    rows.forEach((name, rest) -> out.append("| `%s` | %s |%n".formatted(name, rest)));
    Files.writeString(page, out);
  }

  private static String text(Element in, String name) {
    var found = in.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }
}
