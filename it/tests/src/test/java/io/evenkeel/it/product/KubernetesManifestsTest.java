package io.evenkeel.it.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The YAML for Kubernetes on the pages: each field is one of Kubernetes', and what belongs together fits.
 *
 * <p>{@code -Devenkeel.schemas=DIR} checks what others define as well: the operator's definition in
 * {@code keycloaks.k8s.keycloak.org-v1.yml}, and each chart's {@code values.yaml} in {@code keycloakx} and
 * {@code bitnami}.
 */
class KubernetesManifestsTest {
    private static final Path PAGE = Path.of("docs/operate/kubernetes.md");
    private static final String SCHEMAS = "evenkeel.schemas";
    private static final String WITHOUT_SCHEMAS = "-Devenkeel.schemas names no directory with definitions";

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 Service", Service.class,
            "apps/v1 StatefulSet", StatefulSet.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "rbac.authorization.k8s.io/v1 Role", Role.class,
            "rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class);
    private static final String OPERATOR = "k8s.keycloak.org/v2beta1 Keycloak";
    /** Of others, whose types are not at hand. */
    private static final Set<String> OTHERS =
            Set.of(OPERATOR, "cert-manager.io/v1 Issuer", "cert-manager.io/v1 Certificate");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                /** Kubernetes' types would keep fields that they do not know. */
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .build();

    @Test
    void eachFieldIsOneOfKubernetes() throws IOException {
        Set<String> found = new HashSet<>();
        for (Path page : Pages.all()) {
            for (JsonNode manifest : documents(page)) {
                String kind = kind(manifest);
                found.add(kind);
                if (!OTHERS.contains(kind)) {
                    assertThat(KINDS)
                            .as("kinds that this test can read, for " + page)
                            .containsKey(kind);
                    STRICT.treeToValue(manifest, KINDS.get(kind));
                }
            }
        }
        assertThat(found).containsAll(KINDS.keySet()).containsAll(OTHERS);
    }

    @Test
    void aFieldThatKubernetesDoesNotKnowFails() throws IOException {
        JsonNode typo = YAML.readTree("{apiVersion: apps/v1, kind: StatefulSet, spec: {replica: 3}}");

        assertThatThrownBy(() -> STRICT.treeToValue(typo, StatefulSet.class))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("replica");
    }

    @Test
    void namesLabelsPortsAndPathsFitEachOther() throws IOException {
        StatefulSet set = manifest(StatefulSet.class);
        Map<String, String> labels = set.getSpec().getTemplate().getMetadata().getLabels();
        Service service = manifest(Service.class);
        NetworkPolicy policy = manifest(NetworkPolicy.class);
        Container keycloak = keycloak(set.getSpec().getTemplate().getSpec());
        Map<String, Integer> ports = ports(keycloak);

        assertThat(labels)
                .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels())
                .containsAllEntriesOf(service.getSpec().getSelector())
                .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels())
                .containsAllEntriesOf(manifest(PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
        assertThat(service.getMetadata().getName()).isEqualTo(set.getSpec().getServiceName());
        assertThat(service.getSpec().getClusterIP()).as("headless").isEqualTo("None");
        assertThat(service.getSpec().getPorts())
                .extracting(ServicePort::getPort)
                .containsExactly(ports.get("jgroups"));
        assertThat(Stream.of(keycloak.getStartupProbe(), keycloak.getReadinessProbe(), keycloak.getLivenessProbe())
                        .map(Probe::getHttpGet))
                .allSatisfy(probe -> assertThat(probe.getPort().getStrVal()).isEqualTo("management"));
        for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
            for (NetworkPolicyPort port : rule.getPorts()) {
                assertThat(ports).containsValue(port.getPort().getIntVal());
                if (port.getPort().getIntVal().equals(ports.get("jgroups"))) {
                    assertThat(rule.getFrom()).singleElement().satisfies(from -> assertThat(
                                    from.getPodSelector().getMatchLabels())
                            .isEqualTo(set.getSpec().getSelector().getMatchLabels()));
                }
            }
        }
        assertStopsInTime(set.getSpec().getTemplate().getSpec());
        assertFilesAreMounted(
                set.getSpec().getTemplate().getSpec(),
                keycloak.getEnv().stream().map(EnvVar::getValue).toList());
        assertSettings(keycloak.getEnv().stream().map(EnvVar::getName).toList());
    }

    @Test
    void thePodOfTheOperatorsResourceIsOneOfKubernetes() throws IOException {
        JsonNode spec = operatorsResource().path("spec");
        PodSpec pod = STRICT.treeToValue(spec.path("unsupported").path("podTemplate"), PodTemplateSpec.class)
                .getSpec();
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (JsonNode option : spec.path("additionalOptions")) {
            names.add(option.path("name").asText());
            values.add(option.path("value").asText());
        }

        assertStopsInTime(pod);
        assertFilesAreMounted(pod, values);
        assertSettings(names);
    }

    @Test
    void listsInTheValuesOfChartsAreOnesOfKubernetes() throws IOException {
        JsonNode keycloakx = values("extraInitContainers");
        PodSpec pod = new PodSpec();
        pod.setContainers(List.of(new Container()));
        pod.setInitContainers(
                list(YAML.readTree(keycloakx.path("extraInitContainers").asText()), Container.class));
        pod.setVolumes(list(YAML.readTree(keycloakx.path("extraVolumes").asText()), Volume.class));
        keycloak(pod)
                .setVolumeMounts(
                        list(YAML.readTree(keycloakx.path("extraVolumeMounts").asText()), VolumeMount.class));
        keycloak(pod).setEnv(list(YAML.readTree(keycloakx.path("extraEnv").asText()), EnvVar.class));
        keycloak(pod).setPorts(list(keycloakx.path("extraPorts"), ContainerPort.class));

        assertThat(mounts(pod)).as("volumes of keycloakx").containsExactly("providers");
        assertThat(ports(keycloak(pod))).containsOnly(Map.entry("jgroups", 7800));
        assertThat(keycloak(pod).getEnv()).extracting(EnvVar::getName).contains("KC_CACHE_STACK");

        JsonNode bitnami = values("initContainers");
        assertThat(list(bitnami.path("initContainers"), Container.class))
                .flatExtracting(Container::getVolumeMounts)
                .extracting(VolumeMount::getName)
                .containsExactly("empty-dir");
        assertThat(list(bitnami.path("extraEnvVars"), EnvVar.class)).isNotEmpty();
        for (JsonNode chart : List.of(keycloakx, bitnami)) {
            assertThat(chart.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(60);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = SCHEMAS, matches = ".+", disabledReason = WITHOUT_SCHEMAS)
    void theOperatorsDefinitionHasEachField() throws IOException {
        JsonNode resource = operatorsResource();
        String version = resource.path("apiVersion").asText().replaceFirst(".*/", "");
        JsonNode definition =
                YAML.readTree(schemas("keycloaks.k8s.keycloak.org-v1.yml").toFile());
        JsonNode schema = null;
        for (JsonNode each : definition.path("spec").path("versions")) {
            if (each.path("name").asText().equals(version)
                    && each.path("served").asBoolean()) {
                schema = each.path("schema")
                        .path("openAPIV3Schema")
                        .path("properties")
                        .path("spec");
            }
        }

        assertThat(schema).as("version " + version).isNotNull();
        assertThat(StructuralSchema.violations(resource.path("spec"), schema)).isEmpty();
        JsonNode typo = YAML.readTree("{instance: 3, db: {vendor: 7}, update: {strategy: Rolling}}");
        assertThat(StructuralSchema.violations(typo, schema))
                .containsExactly(
                        "/instance is unknown",
                        "/db/vendor is no string",
                        "/update/strategy is none of" + " [\"Auto\",\"Explicit\",\"RecreateOnImageChange\"]");
    }

    @Test
    @EnabledIfSystemProperty(named = SCHEMAS, matches = ".+", disabledReason = WITHOUT_SCHEMAS)
    void theChartsHaveEachValue() throws IOException {
        JsonNode keycloakx = YAML.readTree(schemas("keycloakx/values.yaml").toFile());
        JsonNode bitnami = YAML.readTree(schemas("bitnami/values.yaml").toFile());

        assertThat(unknown(values("extraInitContainers"), keycloakx, "")).isEmpty();
        assertThat(unknown(values("initContainers"), bitnami, "")).isEmpty();
        assertThat(unknown(values("initContainers"), keycloakx, "")).contains("/replicaCount");
    }

    /** Values that a chart has no default for; where its default is empty, users' own keys may stand. */
    private static List<String> unknown(JsonNode values, JsonNode defaults, String path) {
        List<String> unknown = new ArrayList<>();
        values.properties().forEach(field -> {
            String at = path + "/" + field.getKey();
            JsonNode known = defaults.path(field.getKey());
            if (!defaults.has(field.getKey())) {
                unknown.add(at);
            } else if (field.getValue().isObject() && known.isObject() && !known.isEmpty()) {
                unknown.addAll(unknown(field.getValue(), known, at));
            }
        });
        return unknown;
    }

    private static Path schemas(String file) {
        return Path.of(System.getProperty(SCHEMAS)).resolve(file);
    }

    /** Longer than the guard, which {@code RestartOptions} sets to 60 s. */
    private static void assertStopsInTime(PodSpec pod) {
        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(60);
    }

    private static void assertFilesAreMounted(PodSpec pod, List<String> values) {
        assertThat(mounts(pod))
                .containsExactlyInAnyOrderElementsOf(
                        pod.getVolumes().stream().map(Volume::getName).toList());
        List<String> paths = keycloak(pod).getVolumeMounts().stream()
                .map(VolumeMount::getMountPath)
                .toList();
        List<String> files = values.stream()
                .filter(value -> value != null && value.startsWith("/"))
                .toList();
        assertThat(files).hasSize(3).allMatch(file -> paths.contains(file.substring(0, file.lastIndexOf('/'))));
    }

    private static List<String> mounts(PodSpec pod) {
        return keycloak(pod).getVolumeMounts().stream()
                .map(VolumeMount::getName)
                .toList();
    }

    /** The options of the pack are on the page of all settings, under both names. */
    private static void assertSettings(List<String> names) throws IOException {
        String settings = Files.readString(Pages.ROOT.resolve("docs/reference/settings.md"));
        List<String> ours = names.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).contains("evenkeel"))
                .toList();
        assertThat(ours).hasSize(3).allMatch(name -> settings.contains("`" + name + "`"));
    }

    private static Container keycloak(PodSpec pod) {
        assertThat(pod.getContainers()).hasSize(1);
        return pod.getContainers().get(0);
    }

    private static Map<String, Integer> ports(Container container) {
        Map<String, Integer> ports = new HashMap<>();
        container.getPorts().forEach(port -> ports.put(port.getName(), port.getContainerPort()));
        return ports;
    }

    /** The one of that kind on the page. */
    private static <T extends HasMetadata> T manifest(Class<T> type) throws IOException {
        List<T> all = new ArrayList<>();
        for (JsonNode manifest : documents(PAGE)) {
            if (type.equals(KINDS.get(kind(manifest)))) {
                all.add(STRICT.treeToValue(manifest, type));
            }
        }
        assertThat(all).as(type.getSimpleName()).hasSize(1);
        return all.get(0);
    }

    private static JsonNode operatorsResource() throws IOException {
        List<JsonNode> all = documents(PAGE).stream()
                .filter(manifest -> kind(manifest).equals(OPERATOR))
                .toList();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** The values for a chart, which have this key. */
    private static JsonNode values(String key) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (CodeBlock block : CodeBlock.of(PAGE)) {
            if (block.language().equals("yaml") && YAML.readTree(block.text()).has(key)) {
                all.add(YAML.readTree(block.text()));
            }
        }
        assertThat(all).as("values with " + key).hasSize(1);
        return all.get(0);
    }

    private static <T> List<T> list(JsonNode items, Class<T> type) throws IOException {
        assertThat(items.isArray()).isTrue();
        List<T> list = new ArrayList<>();
        for (JsonNode item : items) {
            list.add(STRICT.treeToValue(item, type));
        }
        return list;
    }

    private static List<JsonNode> documents(Path page) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (CodeBlock block : CodeBlock.of(page)) {
            if (block.language().equals("yaml")) {
                try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(block.text())) {
                    values.readAll().stream()
                            .filter(document -> document.has("kind"))
                            .forEach(documents::add);
                }
            }
        }
        return documents;
    }

    private static String kind(JsonNode manifest) {
        return manifest.path("apiVersion").asText() + " "
                + manifest.path("kind").asText();
    }
}
