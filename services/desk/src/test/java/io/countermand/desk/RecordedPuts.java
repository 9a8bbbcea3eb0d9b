package io.countermand.desk;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.streams.state.KeyValueStore;

/** A store that goes on as it is, and of which each key is known that is put. */
final class RecordedPuts {

  private final List<String> puts = new CopyOnWriteArrayList<>();
  private final KeyValueStore<String, byte[]> store;

  @SuppressWarnings("unchecked")
  RecordedPuts(KeyValueStore<String, byte[]> recorded) {
    store =
        (KeyValueStore<String, byte[]>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("put")) {
                    puts.add((String) arguments[0]);
                  }
                  try {
                    return method.invoke(recorded, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  KeyValueStore<String, byte[]> store() {
    return store;
  }

  /** In order; nothing of what is put where it is absent. */
  List<String> puts() {
    return puts;
  }
}
