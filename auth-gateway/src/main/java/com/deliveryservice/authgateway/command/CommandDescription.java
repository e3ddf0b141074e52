package com.deliveryservice.authgateway.command;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Makes a {@link Command} known: its name on the command line, and its part of the help.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Component
@Lazy
public @interface CommandDescription {

	/**
	 * On the command line: lower case letters and dashes.
	 */
	String name();

	/**
	 * For the list of commands: what it does, in one line.
	 */
	String summary();

	/**
	 * What may be given to it. Properties of the configuration, whose names have dots,
	 * always may.
	 */
	CommandOption[] options() default {};

	/**
	 * Whether the schema is brought up to date before.
	 */
	boolean migrates() default true;

}
