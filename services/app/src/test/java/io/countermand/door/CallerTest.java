package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # accounts         | venue | account | whether all of that is in them
          v/a                | v     | a       | true
          v/a                | v     | b       | false
          v/a                | w     | a       | false
          v/a                | v     | -       | false
          v/a                | -     | a       | false
          v/a                | -     | -       | false
          v/*                | v     | b       | true
          v/*                | v     | -       | true
          v/*                | w     | -       | false
          v/*                | -     | a       | false
          */a                | w     | a       | true
          */a                | -     | a       | true
          */a                | v     | -       | false
          */a                | -     | -       | false
          v/*,w/*            | -     | -       | false
          v/*,w/b            | w     | b       | true
          *                  | -     | -       | true
          *                  | v     | -       | true
          *                  | v     | a       | true
          """)
  void shouldReachNoFurtherThanItsAccounts(
      String accounts, String venue, String account, boolean all) {
    var caller =
        new Caller(
            "risk",
            Set.of(Verb.MASS_CANCEL),
            Arrays.stream(accounts.split(",")).map(Caller.Account::parse).toList());
    assertThat(caller.may(Verb.MASS_CANCEL, venue, account)).isEqualTo(all);
    assertThat(caller.may(Verb.CANCEL, venue, account)).isFalse();
    assertThat(caller.hasAll()).isEqualTo(accounts.equals("*"));
  }
}
