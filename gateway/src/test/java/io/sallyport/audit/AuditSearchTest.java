package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditSearchTest {
  @TempDir static Path dataDir;

  private static final List<AuditEvent> EVENTS =
      List.of(
          /* 1 */ new AuditEvent.Lifecycle(at(0), "started", Map.of("version", "0.1.0")),
          /* 2 */ Events.allowed(at(10), Events.request("a", "studio"), Stage.PROMPT),
          /* 3 */ Events.blocked(
              at(20),
              Events.request("b", "studio"),
              Stage.PROMPT,
              Category.STAND_IN,
              Category.VIOLENCE),
          /* 4 */ Events.allowed(at(30), Events.request("a", "studio"), Stage.OUTPUT_IMAGE),
          /* 5 */ Events.blocked(
              at(40), Events.request("c", "press"), Stage.OUTPUT_IMAGE, Category.STAND_IN),
          /* 6 */ new AuditEvent.Refused(
              at(50), Events.request("d", "press"), "prompt", "unknown_field"),
          /* 7 */ Events.decided(
              at(60),
              Events.request("e", "studio"),
              Stage.PROMPT,
              Verdict.FLAG,
              List.of(),
              List.of()),
          /* 8, its clock went back */ Events.allowed(
              at(15), Events.request("f", "press"), Stage.PROMPT));

  private static Instant at(int seconds) {
    return Events.TIME.plusSeconds(seconds);
  }

  @BeforeAll
  static void fill() {
    try (AuditLog log = Logs.open(dataDir)) {
      EVENTS.forEach(event -> Logs.await(log.append(event)));
    }
  }

  static Stream<Arguments> searches() {
    return Stream.of(
        arguments(List.of(), List.of(7, 6, 5, 4, 3, 8, 2, 1)),
        arguments(List.of(since(30)), List.of(7, 6, 5, 4)),
        arguments(List.of(until(30)), List.of(3, 8, 2, 1)),
        arguments(List.of(since(15), until(40)), List.of(4, 3, 8)),
        arguments(List.of(since(15), since(30), until(50), until(60)), List.of(5, 4)),
        arguments(List.of(since(40), until(15)), List.of()),
        arguments(
            List.of(
                new AuditFilter.Since(Instant.MIN),
                new AuditFilter.Until(Instant.MAX),
                caller("press")),
            List.of(6, 5, 8)),
        arguments(List.of(verdict(Verdict.BLOCK)), List.of(5, 3)),
        arguments(List.of(verdict(Verdict.FLAG)), List.of(7)),
        arguments(List.of(verdict(Verdict.ALLOW)), List.of(4, 8, 2)),
        arguments(List.of(verdict(Verdict.BLOCK), until(40)), List.of(3)),
        arguments(List.of(verdict(Verdict.BLOCK), verdict(Verdict.ALLOW)), List.of()),
        arguments(List.of(category(Category.STAND_IN)), List.of(5, 3)),
        arguments(List.of(category(Category.STAND_IN), since(21)), List.of(5)),
        arguments(List.of(category(Category.STAND_IN), until(40)), List.of(3)),
        arguments(List.of(category(Category.STAND_IN), category(Category.VIOLENCE)), List.of(3)),
        arguments(List.of(category(Category.HATE)), List.of()),
        arguments(List.of(caller("studio")), List.of(7, 4, 3, 2)),
        arguments(List.of(caller("press"), verdict(Verdict.BLOCK)), List.of(5)),
        arguments(List.of(caller("press"), category(Category.STAND_IN)), List.of(5)),
        arguments(List.of(caller("' OR 1=1 --")), List.of()),
        arguments(List.of(request("a")), List.of(4, 2)),
        arguments(List.of(request("a"), stage(Stage.OUTPUT_IMAGE)), List.of(4)),
        arguments(List.of(request("b"), category(Category.VIOLENCE)), List.of(3)),
        arguments(List.of(request("b"), category(Category.HATE)), List.of()),
        arguments(List.of(stage(Stage.PROMPT)), List.of(7, 6, 3, 8, 2)),
        arguments(List.of(stage(Stage.INPUT_IMAGE)), List.of()),
        arguments(List.of(kind(AuditEvent.Kind.LIFECYCLE)), List.of(1)),
        arguments(List.of(kind(AuditEvent.Kind.REFUSED)), List.of(6)),
        arguments(List.of(kind(AuditEvent.Kind.REFUSED), caller("studio")), List.of()),
        arguments(List.of(kind(AuditEvent.Kind.DECIDED), caller("press")), List.of(5, 8)),
        arguments(
            List.of(
                since(0),
                until(100),
                verdict(Verdict.BLOCK),
                category(Category.STAND_IN),
                caller("press"),
                request("c"),
                stage(Stage.OUTPUT_IMAGE),
                kind(AuditEvent.Kind.DECIDED)),
            List.of(5)));
  }

  private static AuditFilter since(int seconds) {
    return new AuditFilter.Since(at(seconds));
  }

  private static AuditFilter until(int seconds) {
    return new AuditFilter.Until(at(seconds));
  }

  private static AuditFilter verdict(Verdict verdict) {
    return new AuditFilter.WithVerdict(verdict);
  }

  private static AuditFilter category(Category category) {
    return new AuditFilter.InCategory(category);
  }

  private static AuditFilter caller(String caller) {
    return new AuditFilter.FromCaller(caller);
  }

  private static AuditFilter request(String id) {
    return new AuditFilter.OfRequest(id);
  }

  private static AuditFilter stage(Stage stage) {
    return new AuditFilter.AtStage(stage);
  }

  private static AuditFilter kind(AuditEvent.Kind kind) {
    return new AuditFilter.OfKind(kind);
  }

  private static List<Long> sequences(List<AuditRow> rows) {
    return rows.stream().map(AuditRow::sequence).toList();
  }

  @ParameterizedTest
  @MethodSource("searches")
  void it_finds_what_passes_every_filter_newest_first(
      List<AuditFilter> filters, List<Integer> expected) {
    AuditSearch search = new AuditSearch(dataDir);
    List<Long> wanted = expected.stream().map(Integer::longValue).toList();
    assertThat(sequences(search.search(new AuditQuery(filters, 100, AuditQuery.NEWEST))))
        .isEqualTo(wanted);

    List<Long> paged = new ArrayList<>();
    AuditQuery query = new AuditQuery(filters, 1, AuditQuery.NEWEST);
    for (var page = search.search(query);
        !page.isEmpty();
        page = search.search(query.before(page.getFirst().sequence()))) {
      paged.addAll(sequences(page));
    }
    assertThat(paged).as("page by page").isEqualTo(wanted);

    List<Long> exported = new ArrayList<>();
    assertThat(search.export(filters, row -> exported.add(row.sequence())))
        .isEqualTo(wanted.size());
    Collections.reverse(exported);
    assertThat(exported).as("exported").isEqualTo(wanted);
  }

  @Test
  void any_filters_find_what_a_plain_scan_finds(@TempDir Path directory) {
    long seed = 99;
    SplittableRandom random = new SplittableRandom(seed);
    List<AuditEvent> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      events.add(anEvent(random));
    }
    try (AuditLog log = Logs.open(directory)) {
      events.stream().map(log::append).toList().forEach(Logs::await);
    }
    AuditSearch search = new AuditSearch(directory);
    int found = 0;
    for (int i = 0; i < 300; i++) {
      List<AuditFilter> filters = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        filters.add(aFilter(random));
      }
      List<Long> wanted =
          LongStream.rangeClosed(1, events.size())
              .boxed()
              .filter(s -> filters.stream().allMatch(f -> passes(events.get((int) (s - 1)), f)))
              .sorted(
                  (a, b) -> {
                    int byTime =
                        Long.compare(
                            millis(events.get((int) (b - 1))), millis(events.get((int) (a - 1))));
                    return byTime != 0 ? byTime : Long.compare(b, a);
                  })
              .toList();
      found += wanted.size();
      assertThat(sequences(search.search(new AuditQuery(filters, 1_000, AuditQuery.NEWEST))))
          .as("seed %s, search %s: %s", seed, i, filters)
          .isEqualTo(wanted);
    }
    assertThat(found).isGreaterThan(1_000);
  }

  private static long millis(AuditEvent event) {
    return event.time().toEpochMilli();
  }

  private static AuditEvent anEvent(SplittableRandom random) {
    Instant time = at(random.nextInt(60));
    var request =
        Events.request("r" + random.nextInt(40), random.nextBoolean() ? "studio" : "press");
    Stage stage = Stage.values()[random.nextInt(3)];
    Category[] some = {Category.STAND_IN, Category.VIOLENCE, Category.HATE};
    return switch (random.nextInt(5)) {
      case 0 -> new AuditEvent.Refused(time, request, stage.wire(), "x");
      case 1 -> new AuditEvent.Lifecycle(time, "started", Map.of());
      case 2 -> Events.blocked(time, request, stage, some[random.nextInt(3)]);
      case 3 -> Events.blocked(time, request, stage, some[0], some[1 + random.nextInt(2)]);
      default -> Events.allowed(time, request, stage);
    };
  }

  private static AuditFilter aFilter(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> since(random.nextInt(60));
      case 1 -> until(random.nextInt(60));
      case 2 -> verdict(random.nextBoolean() ? Verdict.BLOCK : Verdict.ALLOW);
      case 3 -> category(random.nextBoolean() ? Category.STAND_IN : Category.VIOLENCE);
      case 4 -> caller(random.nextBoolean() ? "studio" : "press");
      case 5 -> request("r" + random.nextInt(40));
      case 6 -> stage(Stage.values()[random.nextInt(3)]);
      default -> kind(AuditEvent.Kind.values()[random.nextInt(3)]);
    };
  }

  private static boolean passes(AuditEvent event, AuditFilter filter) {
    EventColumns columns = EventColumns.of(event);
    return switch (filter) {
      case AuditFilter.Since(var time) -> !event.time().isBefore(time);
      case AuditFilter.Until(var time) -> event.time().isBefore(time);
      case AuditFilter.WithVerdict(var verdict) -> columns.verdict().equals(verdict.wire());
      case AuditFilter.InCategory(var category) -> columns.categories().contains(category.wire());
      case AuditFilter.FromCaller(var caller) -> columns.caller().equals(caller);
      case AuditFilter.OfRequest(var id) -> columns.requestId().equals(id);
      case AuditFilter.AtStage(var stage) -> columns.stage().equals(stage.wire());
      case AuditFilter.OfKind(var kind) -> event.kind() == kind;
    };
  }

  /** Ten million rows are only searchable while no search scans the table or sorts. */
  @ParameterizedTest
  @MethodSource("searches")
  void every_search_runs_along_an_index_and_sorts_nothing(
      List<AuditFilter> filters, List<Integer> ignored) throws Exception {
    SearchSql sql = SearchSql.newestFirst(filters, Long.MAX_VALUE, Long.MAX_VALUE, 50);
    String plan = plan(sql);
    assertThat(plan).contains("SEARCH").doesNotContain("SCAN");
    if (filters.stream().noneMatch(AuditFilter.OfRequest.class::isInstance)) {
      assertThat(plan).doesNotContain("TEMP B-TREE").containsPattern("\\(?time[<>]|,time\\)[<>]");
    }
  }

  private static String plan(SearchSql sql) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("audit.db"));
        var statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql.text())) {
      for (int i = 0; i < sql.values().size(); i++) {
        statement.setObject(i + 1, sql.values().get(i));
      }
      StringBuilder plan = new StringBuilder();
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          plan.append(row.getString("detail")).append('\n');
        }
      }
      return plan.toString();
    }
  }

  @Test
  void a_row_gives_back_its_event_and_one_line_of_json() {
    AuditRow row = new AuditSearch(dataDir).search(AuditQuery.newest(1, request("b"))).getFirst();
    assertThat(row.event()).isEqualTo(EVENTS.get(2));
    assertThat(row.toJsonLine()).doesNotContain("\n");
    JsonNode json = new JsonMapper().readTree(row.toJsonLine());
    assertThat(json.get("seq").asLong()).isEqualTo(3);
    assertThat(json.get("hash").asString()).isEqualTo(row.hash());
    assertThat(json.get("prev").asString()).isEqualTo(row.previous());
    assertThat(json.get("event").get("decision").get("verdict").asString()).isEqualTo("block");
  }

  @Test
  void a_body_that_is_no_event_does_not_get_into_the_line() {
    AuditRow row = new AuditRow(1, "00", "00", "{}\n{\"seq\":2}");
    assertThat(row.toJsonLine())
        .isEqualTo("{\"seq\":1,\"prev\":\"00\",\"hash\":\"00\",\"event\":null}");
    assertThatThrownBy(row::event).isInstanceOf(UndecodableEventException.class);
  }

  @Test
  void a_cursor_that_is_no_row_is_refused() {
    assertThatThrownBy(() -> new AuditSearch(dataDir).search(AuditQuery.newest(1).before(1_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1000");
  }

  @Test
  void a_limit_has_bounds() {
    assertThatThrownBy(() -> AuditQuery.newest(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AuditQuery.newest(1_001)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_export_goes_beyond_one_page_and_is_ordered(@TempDir Path directory) {
    int rows = 1_234;
    try (AuditLog log = AuditLog.open(directory, AuditLog.Options.DEFAULTS, AuditListener.NONE)) {
      LongStream.rangeClosed(1, rows)
          .mapToObj(i -> log.append(Events.allowed(i)))
          .toList()
          .forEach(Logs::await);
    }
    List<Long> exported = new ArrayList<>();
    assertThat(new AuditSearch(directory).export(List.of(), row -> exported.add(row.sequence())))
        .isEqualTo(rows);
    assertThat(exported).isEqualTo(LongStream.rangeClosed(1, rows).boxed().toList());
  }
}
