package com.deliveryservice.authgateway.route;

/**
 * What the route table says about a method and a path.
 */
public sealed interface Decision {

	/**
	 * A route takes it.
	 *
	 * @param route the first that does
	 */
	record Found(Route route) implements Decision {

	}

	/**
	 * No route has the path.
	 */
	record NoRoute() implements Decision {

	}

	/**
	 * Routes have the path, none takes the method.
	 *
	 * @param allow their methods, as for an {@code Allow} header
	 */
	record WrongMethod(String allow) implements Decision {

	}

}
