package io.sallyport.audit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Stands between the log and its real connections, and may do something else at every call. */
final class Saboteur {
  /** One call on a connection or a statement. */
  interface Call {
    String name();

    Object proceed() throws Exception;
  }

  /** What is done in a call's place. */
  @FunctionalInterface
  interface Deed {
    Object at(Call call) throws Exception;
  }

  private Saboteur() {}

  static AuditStore.Source source(AuditStore.Source real, Deed deed) {
    return () -> wrap(Connection.class, real.open(), deed);
  }

  private static <T> T wrap(Class<T> type, Object real, Deed deed) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Object result = deed.at(call(real, method, arguments));
          return switch (result) {
            case PreparedStatement prepared -> wrap(PreparedStatement.class, prepared, deed);
            case Statement statement -> wrap(Statement.class, statement, deed);
            case null, default -> result;
          };
        };
    return type.cast(
        Proxy.newProxyInstance(Saboteur.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Call call(Object real, Method method, Object[] arguments) {
    return new Call() {
      @Override
      public String name() {
        return method.getName();
      }

      @Override
      public Object proceed() throws Exception {
        try {
          return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
          throw e.getCause() instanceof SQLException broken ? broken : e;
        }
      }
    };
  }
}
