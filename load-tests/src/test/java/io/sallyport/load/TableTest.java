package io.sallyport.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Table table = new Table("name", "ms");
    table.add("a", "1.25");
    table.add("longer", "10.50");
    assertThat(table).hasToString("name       ms\na        1.25\nlonger  10.50\n");
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    Table table = new Table("name", "ms");
    assertThatThrownBy(() -> table.add("a")).isInstanceOf(IllegalArgumentException.class);
  }
}
