"""The local endpoint and linked-data site: SPARQL over workers that can be killed, a page for every thing."""
