package io.countermand.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One platform per data directory. */
final class DataLock implements AutoCloseable {

  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  static DataLock take(Path data) {
    FileChannel channel;
    try {
      Files.createDirectories(data);
      channel =
          FileChannel.open(
              data.resolve("platform.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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

  @Override
  public void close() {
    close(channel);
  }
}
