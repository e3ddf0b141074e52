package com.deliveryservice.authgateway.command;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An option of a command, written {@code --name value} or {@code --name=value}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface CommandOption {

	/**
	 * Without the dashes; no dot in it.
	 */
	String name();

	/**
	 * What the help calls its value; empty: it takes none, and is there or not.
	 */
	String value() default "";

	/**
	 * What it is for, in one line.
	 */
	String meaning();

	/**
	 * Whether the command cannot do without.
	 */
	boolean required() default false;

	/**
	 * Whether it may come more than once.
	 */
	boolean repeatable() default false;

}
