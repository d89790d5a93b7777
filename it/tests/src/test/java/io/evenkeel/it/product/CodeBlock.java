package io.evenkeel.it.product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;

/**
 * Code on a page.
 *
 * @param language as the page names it; empty for none
 * @param text of the block, or of the code within a sentence
 */
public record CodeBlock(String language, String text) {

    /** The blocks of a page below {@link Pages#ROOT}. */
    public static List<CodeBlock> of(Path page) throws IOException {
        List<CodeBlock> blocks = new ArrayList<>();
        parse(page).accept(new AbstractVisitor() {
            @Override
            public void visit(FencedCodeBlock block) {
                blocks.add(new CodeBlock(block.getInfo(), block.getLiteral()));
            }
        });
        return blocks;
    }

    /** The code within the sentences of a page, each on one line. */
    public static List<String> withinSentences(Path page) throws IOException {
        List<String> code = new ArrayList<>();
        parse(page).accept(new AbstractVisitor() {
            @Override
            public void visit(Code span) {
                code.add(span.getLiteral().replaceAll("\\s+", " "));
            }
        });
        return code;
    }

    private static Node parse(Path page) throws IOException {
        return Parser.builder().build().parse(Files.readString(Pages.ROOT.resolve(page)));
    }
}
