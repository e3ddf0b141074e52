package com.deliveryservice.authgateway.devstack;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import org.mockito.Mockito;
import org.mockito.invocation.InvocationOnMock;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.r2dbc.core.DatabaseClient;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.directory.PasswordHashing;

/**
 * Notes what work the gateway does: each SQL statement, and each hash of a password.
 */
final class WorkWatcher implements BeanPostProcessor {

	private static final List<String> WATCHED = List.of("hashing: ", "auth.throttle", "auth.sign_in_under_way",
			"auth.user_account");

	/** Who was it about, asked for the audit trail at any time after. */
	private static final List<String> BACKGROUND = List.of("audit_event", "SELECT login_normalized, id FROM");

	private final List<String> work = new CopyOnWriteArrayList<>();

	void forget() {
		this.work.clear();
	}

	/**
	 * What has been done, in its order, but for what concerns the audit trail and the
	 * sessions: that is done in the background at any time.
	 */
	List<String> work() {
		return this.work.stream()
			.filter((step) -> BACKGROUND.stream().noneMatch(step::contains)
					&& WATCHED.stream().anyMatch(step::contains))
			.toList();
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (bean instanceof Database) {
			return Mockito.mock(Database.class, (call) -> on(bean, call, recording(call.getArguments())));
		}
		if (bean instanceof PasswordHashing) {
			return Mockito.mock(PasswordHashing.class, (call) -> {
				if (List.of("hash", "matches", "compute").contains(call.getMethod().getName())) {
					this.work.add("hashing: " + call.getMethod().getName());
				}
				return on(bean, call, call.getArguments());
			});
		}
		return bean;
	}

	private static Object on(Object bean, InvocationOnMock call, Object[] arguments) throws Throwable {
		Method method = call.getMethod();
		method.setAccessible(true);
		return invoked(method, bean, arguments);
	}

	@SuppressWarnings("unchecked")
	private Object[] recording(Object[] arguments) {
		return (arguments.length == 1 && arguments[0] instanceof Function<?, ?> work) ? new Object[] {
				(Function<DatabaseClient, Object>) (client) -> ((Function<DatabaseClient, Object>) work)
					.apply(recording(client)) }
				: arguments;
	}

	private DatabaseClient recording(DatabaseClient client) {
		return (DatabaseClient) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { DatabaseClient.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("sql") && arguments[0] instanceof String sql) {
						this.work.add(sql.strip());
					}
					return invoked(method, client, arguments);
				});
	}

	private static Object invoked(Method method, Object bean, Object[] arguments) throws Throwable {
		try {
			return method.invoke(bean, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

}
