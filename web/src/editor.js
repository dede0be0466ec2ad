// The SPARQL editor: YASGUI with our endpoint, our prefixes, completion from the ontology, the question library.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./editor.css";

const place = document.getElementById("yasgui");
const settings = JSON.parse(place.dataset.settings);
const endpoint = new URL("/sparql", location.href).href;

const Yasqe = Yasgui.Yasqe;
Yasqe.defaults.requestConfig = { ...Yasqe.defaults.requestConfig, endpoint };
Yasqe.defaults.value = place.dataset.query;
// Its own completers ask prefix.cc and LOV; ours know what this server has.
for (const name of Object.keys(Yasqe.Autocompleters)) delete Yasqe.Autocompleters[name];
Yasqe.defaults.autocompleters = [];
const starts = (list) => (yasqe, token) => Promise.resolve(list.filter((entry) => !token || entry.startsWith(token.autocompletionString || token.string || "")));
Yasqe.registerAutocompleter({
  name: "prefixes", bulk: true, autoShow: true,
  isValidCompletionPosition: (yasqe) => /PREFIX\s+[\w-]*$/i.test(yasqe.getDoc().getLine(yasqe.getDoc().getCursor().line).slice(0, yasqe.getDoc().getCursor().ch)),
  get: () => Promise.resolve(Object.entries(settings.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`)),
}, true);
Yasqe.registerAutocompleter({
  name: "terms", bulk: false, autoShow: false,
  isValidCompletionPosition: (yasqe) => /:\w*$|<[^>]*$/.test(yasqe.getCompleteToken().string),
  preProcessToken: (yasqe, token) => Yasqe.preprocessIriForCompletion ? Yasqe.preprocessIriForCompletion(yasqe, token) : token,
  postProcessSuggestion: (yasqe, token, suggestion) => {
    for (const [prefix, iri] of Object.entries(settings.prefixes)) if (suggestion.startsWith(iri)) return `${prefix}:${suggestion.slice(iri.length)}`;
    return `<${suggestion}>`;
  },
  get: starts(settings.terms),
}, true);

const yasgui = new Yasgui(place, {
  requestConfig: { endpoint, method: "POST" },
  copyEndpointOnNewTab: false,
  endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
  persistenceId: "communique_" + location.host,
  yasr: { prefixes: settings.prefixes },
});

const asked = new URLSearchParams(location.search).get("query") || new URLSearchParams(location.hash.slice(1)).get("query");
const put = (query, name) => {
  const tab = yasgui.addTab(true, { ...Yasgui.Tab.getDefaults(), name: name || "Query", requestConfig: { ...Yasgui.Tab.getDefaults().requestConfig, endpoint } });
  tab.setQuery(query);
  return tab;
};
if (asked && yasgui.getTab().getQuery() === Yasqe.defaults.value) yasgui.getTab().setQuery(asked);
else if (asked) put(asked);
for (const link of document.querySelectorAll("a[data-example]")) {
  link.addEventListener("click", (event) => {
    const example = settings.examples.find((entry) => entry.name === link.dataset.example);
    if (!example) return;
    event.preventDefault();
    put(example.query, example.title);
    place.scrollIntoView();
  });
}

// Footnotes: the same query asked as a page, with the sentences behind each row.
const notes = document.createElement("button");
notes.type = "button";
notes.textContent = "Answer with footnotes";
notes.className = "with-notes";
notes.addEventListener("click", () => {
  const query = yasgui.getTab().getYasqe().getValue();
  location.href = "/ask?footnotes=true&query=" + encodeURIComponent(query);
});
place.before(notes);
document.querySelector(".plain-editor").hidden = true;
document.documentElement.dataset.editor = "ready";
