package com.deliveryservice.authgateway;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.stereotype.Controller;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.MainSources.Unit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The habits of this code base that a machine can check. Whatever goes beyond a limit
 * stands here by name, with its reason.
 */
class ArchitectureTests {

	private static final int FILE_LINES = 250;

	private static final int METHOD_LINES = 30;

	/** Ten of code; a lambda that is one SQL statement has some more. */
	private static final int LAMBDA_LINES = 15;

	private static final int PARAMETERS = 6;

	private static final int FILES_IN_A_PACKAGE = 15;

	/** They run on threads of their own and may wait there. */
	private static final Map<String, String> LIFECYCLE_BEANS = Map.of("Migration",
			"retries on its own thread until the database is there", "SignInNotes",
			"writes behind the answer, from start to stop", "ThrottlePurge", "cleans up, from start to stop",
			"NoteWriter", "writes behind the answer, and what is left at the end", "CommandLine",
			"the main thread of a process that serves nobody", "CommandContext", "the same", "ChainLeader",
			"appends from start to stop");

	/** Files of more lines than usual. */
	private static final Map<String, String> LARGE_FILES = Map.of("ClientConnection.java",
			"one connection's states, on one thread; in parts they would share all of them", "ForwardExchange.java",
			"one forwarded request's states, on one thread", "UpstreamConnection.java",
			"one upstream connection's states, on one thread", "UpstreamPool.java",
			"what is idle, open and waiting changes together", "Http2Client.java", "one stream's states, on one thread",
			"SharedConnection.java", "one shared connection's states, on one thread", "UpstreamStream.java",
			"one upstream stream's states, on one thread");

	/** Methods of more lines than usual. */
	private static final Map<String, String> LONG_METHODS = Map.of("RequestTarget.isCanonical",
			"one pass over the characters of every request", "Connector.connect",
			"the steps of opening a connection, in their order");

	/** Packages of more files than usual. */
	private static final Map<String, String> LARGE_PACKAGES = Map.ofEntries(
			Map.entry("audit", "noting, writing, reading and showing an event, each with its small values"),
			Map.entry("account", "one flow each for sign-up, verification and sign-in, with request, answer and steps"),
			Map.entry("directory", "users, both halves of a sign-up, hashing and the callbacks share their types"),
			Map.entry("workflowauth", "wire records of five operations, one file each"),
			Map.entry("protection",
					"sign-ins in two lanes, codes, sign-ups, resets and refreshes, each with its settings and counters"),
			Map.entry("forward", "guard, codec and both directions of an exchange are small types of one pipeline"),
			Map.entry("key", "key pairs, their store, their encryption and what is published are small types"),
			Map.entry("token", "minting, verifying, inspecting and asserting, each with its small values"),
			Map.entry("chain", "appending, cutting and verifying, each with its statements and values"),
			Map.entry("session", "opening, renewing, ending, noting and purging, each with its statements and values"),
			Map.entry("upstream",
					"both protocols to a backend, and what they share: addresses, breaker, bounds, ticks"));

	private static final Set<String> BLOCKING = Set.of("block", "blockOptional", "blockFirst", "blockLast",
			"toIterable", "toStream", "toFuture");

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ArchitectureTests.class.getPackageName());

	@Test
	void nothingBlocksOrSubscribesByTheWay() {
		noClasses().that(areNoLifecycleBeans())
			.should()
			.callMethodWhere(
					call("block a reactive chain", (call) -> isReactive(call) && BLOCKING.contains(call.getName())))
			.orShould()
			.callMethodWhere(call("subscribe and forget the outcome",
					(call) -> isReactive(call) && call.getName().equals("subscribe")
							&& call.getTarget().getRawParameterTypes().isEmpty()))
			.orShould()
			.callMethod(Thread.class, "sleep", long.class)
			.because("a request's chain ends at its listener, and event loops must not wait")
			.check(CLASSES);
	}

	@Test
	void timeComesFromTheClockBean() {
		noClasses().should()
			.callMethod(Instant.class, "now")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethodWhere(call("ask the system's clock",
					(call) -> call.getTargetOwner().getPackageName().equals("java.time") && call.getName().equals("now")
							&& call.getTarget().getRawParameterTypes().isEmpty()))
			.because("tests move the clock")
			.check(CLASSES);
	}

	@Test
	void namesSayTheRole() {
		noClasses().should()
			.haveSimpleNameEndingWith("Utils")
			.orShould()
			.haveSimpleNameEndingWith("Util")
			.orShould()
			.haveSimpleNameEndingWith("Manager")
			.orShould()
			.haveSimpleNameEndingWith("Helper")
			.orShould()
			.haveSimpleNameEndingWith("Impl")
			.orShould()
			.resideInAnyPackage("..common..", "..util..", "..utils..", "..dto..", "..impl..")
			.check(CLASSES);
	}

	@Test
	void controllersAreHidden() {
		classes().that()
			.areMetaAnnotatedWith(Controller.class)
			.should()
			.notBePublic()
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void filesStayReadable() {
		assertThat(MainSources.files()).filteredOn((file) -> MainSources.linesOf(file) > FILE_LINES)
			.extracting((file) -> file.getFileName().toString())
			.isSubsetOf(LARGE_FILES.keySet());
	}

	@Test
	void methodsAndLambdasStayShort() {
		assertThat(MainSources.units())
			.filteredOn((unit) -> unit.lines() > ((unit.kind() == Unit.Kind.LAMBDA) ? LAMBDA_LINES : METHOD_LINES))
			.extracting((unit) -> unit.kind() == Unit.Kind.METHOD ? unit.name() : unit.toString())
			.isSubsetOf(LONG_METHODS.keySet());
	}

	@Test
	void constructorsTakeFewParameters() {
		assertThat(MainSources.units())
			.filteredOn((unit) -> unit.kind() == Unit.Kind.CONSTRUCTOR && unit.parameters() > PARAMETERS)
			.isEmpty();
	}

	@Test
	void packagesStaySmallOrSayWhyNot() {
		Map<String, Long> sizes = MainSources.files()
			.stream()
			.collect(Collectors.groupingBy(ArchitectureTests::packageOf, Collectors.counting()));
		List<String> large = sizes.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() > FILES_IN_A_PACKAGE)
			.map(Map.Entry::getKey)
			.toList();
		assertThat(large).containsExactlyInAnyOrderElementsOf(LARGE_PACKAGES.keySet());
	}

	private static String packageOf(Path file) {
		return file.getName(file.getNameCount() - 2).toString();
	}

	private static DescribedPredicate<JavaClass> areNoLifecycleBeans() {
		return DescribedPredicate.describe("are no lifecycle beans",
				(type) -> LIFECYCLE_BEANS.keySet().stream().noneMatch(outermost(type).getSimpleName()::equals));
	}

	private static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(ArchitectureTests::outermost).orElse(type);
	}

	private static boolean isReactive(JavaMethodCall call) {
		return call.getTargetOwner().isAssignableTo(Mono.class) || call.getTargetOwner().isAssignableTo(Flux.class);
	}

	private static DescribedPredicate<JavaMethodCall> call(String description, Predicate<JavaMethodCall> predicate) {
		return DescribedPredicate.describe(description, predicate);
	}

}
