package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a lane thread takes is given back, even what it asks for after its exchange has ended. */
class BudgetShareTest {
  private final ByteBudget budget = new ByteBudget(1000);

  @Test
  void givesBackAllThatItTook() {
    BudgetShare share = new BudgetShare(budget);
    assertThat(share.take(100)).isTrue();
    assertThat(share.take(200)).isTrue();
    assertThat(share.take(201)).isFalse();
    assertThat(budget.used()).isEqualTo(600);
    share.release();
    share.release();
    assertThat(budget.used()).isZero();
  }

  @Test
  void takesNothingAfterItsEnd() {
    BudgetShare share = new BudgetShare(budget);
    share.release();
    assertThat(share.take(1)).isFalse();
    assertThat(budget.used()).isZero();
  }
}
