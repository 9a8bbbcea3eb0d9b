package io.countermand.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One platform per data directory. Who changes what is in it takes this first, and gives it to
 * {@link LocalPlatform#start(LocalPlatform.Options, DataLock)}.
 */
public final class DataLock implements AutoCloseable {

  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /** The name of its file. */
  public static final String FILE = "platform.lock";

  /**
   * Makes the directory when it is missing.
   *
   * @throws PlatformException when another has it, or it cannot be written
   */
  public static DataLock take(Path data) {
    FileChannel channel;
    try {
      Files.createDirectories(data);
      channel =
          FileChannel.open(data.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new PlatformException(
          data.toAbsolutePath()
              + " cannot be written: "
              + e
              + ". Give a directory that is "
              + "writable.",
          e);
    }
    if (!locked(channel, data)) {
      close(channel);
      throw new PlatformException(
          data.toAbsolutePath()
              + " is in use by another platform: stop that one, or give "
              + "another directory.");
    }
    return new DataLock(channel);
  }

  private static boolean locked(FileChannel channel, Path data) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      close(channel);
      throw new PlatformException(data + " cannot be locked: " + e, e);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new PlatformException("The lock on the data cannot be released: " + e, e);
    }
  }

  /** A second time does nothing. */
  @Override
  public void close() {
    close(channel);
  }
}
