package io.evenkeel.it.bench.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.it.bench.transport.UPerfRun.Sample;
import io.evenkeel.it.member.RoundTrips;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UPerfChartTest {
    @TempDir
    Path dir;

    private static List<Sample> samples(double... throughputs) {
        return DoubleStream.of(throughputs)
                .mapToObj(t -> new Sample(t, new NodeCost.Figures(1, 1, 1, RoundTrips.none())))
                .toList();
    }

    @Test
    void aRoundIsComparedWithItself() {
        // The second round was slow for both, the third for the peer only.
        List<Sample> stock = samples(100, 50, 10);
        List<Sample> own = samples(110, 60, 100);
        assertThat(UPerfChart.medianRatio(own, stock)).isCloseTo(1.2, within(1e-9));
        assertThat(UPerfChart.medianRatio(samples(110, 60), samples(100, 50))).isCloseTo(1.15, within(1e-9));
    }

    @Test
    void eachVariantHasItsBars() throws Exception {
        UPerfChart chart = new UPerfChart();
        chart.add(
                "JDK 17, 20 senders",
                Map.of(Variant.STOCK_CLEAR, samples(100, 100), Variant.NETTY_TLS, samples(110, 120)));
        Path svg = dir.resolve("uperf.svg");
        chart.write(svg);
        // Grey and blue.
        assertThat(Files.readString(svg)).contains("<svg", "rgb(153,153,153)", "rgb(0,114,178)");
    }
}
