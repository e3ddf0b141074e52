package com.deliveryservice.authgateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;

/**
 * The sizes of what stands in {@code src/main/java}, measured on the parsed source.
 */
final class MainSources {

	private static final Path ROOT = Path.of("src", "main", "java");

	private MainSources() {
	}

	/** Every source file but {@code package-info.java}. */
	static List<Path> files() {
		try (Stream<Path> files = Files.walk(ROOT)) {
			return files.filter((file) -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static long linesOf(Path file) {
		try (Stream<String> lines = Files.lines(file)) {
			return lines.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Every method, constructor and lambda. */
	static List<Unit> units() {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
			JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null,
					manager.getJavaFileObjectsFromPaths(files()));
			List<Unit> units = new ArrayList<>();
			for (CompilationUnitTree file : task.parse()) {
				new Scanner(file, Trees.instance(task).getSourcePositions(), units).scan(file, null);
			}
			return units;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A piece of code.
	 *
	 * @param kind what it is
	 * @param name type and method
	 * @param lines from its first to its last, Javadoc not counted
	 * @param parameters how many it takes
	 */
	record Unit(Kind kind, String name, long lines, int parameters) {

		enum Kind {

			METHOD, CONSTRUCTOR, LAMBDA

		}

		@Override
		public String toString() {
			return this.kind + " " + this.name + " (" + this.lines + " lines, " + this.parameters + " parameters)";
		}

	}

	private static final class Scanner extends TreePathScanner<Void, Void> {

		private final CompilationUnitTree file;

		private final SourcePositions positions;

		private final List<Unit> units;

		private String type = "";

		private String method = "";

		Scanner(CompilationUnitTree file, SourcePositions positions, List<Unit> units) {
			this.file = file;
			this.positions = positions;
			this.units = units;
		}

		@Override
		public Void visitClass(ClassTree tree, Void unused) {
			String outer = this.type;
			this.type = outer.isEmpty() ? tree.getSimpleName().toString() : outer + "." + tree.getSimpleName();
			super.visitClass(tree, null);
			this.type = outer;
			return null;
		}

		@Override
		public Void visitMethod(MethodTree tree, Void unused) {
			boolean constructor = tree.getReturnType() == null;
			boolean record = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
			this.method = this.type + "." + tree.getName();
			this.units.add(new Unit((constructor && !record) ? Unit.Kind.CONSTRUCTOR : Unit.Kind.METHOD, this.method,
					lines(tree), tree.getParameters().size()));
			return super.visitMethod(tree, null);
		}

		@Override
		public Void visitLambdaExpression(LambdaExpressionTree tree, Void unused) {
			this.units.add(new Unit(Unit.Kind.LAMBDA, this.method, lines(tree), tree.getParameters().size()));
			return super.visitLambdaExpression(tree, null);
		}

		private long lines(Tree tree) {
			long start = this.positions.getStartPosition(this.file, tree);
			long end = this.positions.getEndPosition(this.file, tree);
			return this.file.getLineMap().getLineNumber(end) - this.file.getLineMap().getLineNumber(start) + 1;
		}

	}

}
