package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # accounts         | venue | account | whether all of that is in them | some of it
          v/a                | v     | a       | true  | true
          v/a                | v     | b       | false | false
          v/a                | w     | a       | false | false
          v/a                | v     | -       | false | true
          v/a                | -     | a       | false | true
          v/a                | -     | -       | false | true
          v/*                | v     | b       | true  | true
          v/*                | v     | -       | true  | true
          v/*                | w     | -       | false | false
          v/*                | -     | a       | false | true
          */a                | w     | a       | true  | true
          */a                | -     | a       | true  | true
          */a                | v     | -       | false | true
          */a                | -     | -       | false | true
          v/*,w/*            | -     | -       | false | true
          v/*,w/b            | w     | b       | true  | true
          *                  | -     | -       | true  | true
          *                  | v     | -       | true  | true
          *                  | v     | a       | true  | true
          """)
  void shouldReachNoFurtherThanItsAccounts(
      String accounts, String venue, String account, boolean all, boolean some) {
    var caller =
        new Caller(
            "risk",
            Set.of(TokenVerb.MASS_CANCEL),
            Arrays.stream(accounts.split(",")).map(Caller.Account::parse).toList());
    assertThat(caller.may(TokenVerb.MASS_CANCEL, venue, account)).isEqualTo(all);
    assertThat(caller.may(TokenVerb.CANCEL, venue, account)).isFalse();
    assertThat(caller.reaches(venue, account)).isEqualTo(some);
    assertThat(caller.hasAll()).isEqualTo(accounts.equals("*"));
    assertThat(caller.may(TokenVerb.MASS_CANCEL)).isTrue();
  }

  @Test
  void shouldDoNothingWithoutAnAccount() {
    var caller = new Caller("risk", Set.of(TokenVerb.values()), List.of());
    assertThat(TokenVerb.values()).noneMatch(caller::may);
  }
}
