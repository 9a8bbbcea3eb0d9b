package io.countermand.events.serde;

/** URLs of registries as they may be shown. */
public final class RegistryUrls {

  private RegistryUrls() {}

  /**
   * Without user names and passwords.
   *
   * @param urls one or several, comma-separated
   */
  public static String shown(String urls) {
    return urls.replaceAll("//[^,]*@", "//***@");
  }
}
