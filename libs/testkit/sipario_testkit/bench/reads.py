"""What a catalog is asked by its readers."""

import json
import random
from collections.abc import Sequence
from urllib.parse import quote

from sipario_testkit.bench.load import Ask
from sipario_testkit.organisation import THINGS, Organisation

TYPES = ("service", "library", "website")


def scenarios(company: Organisation) -> dict[str, Sequence[Ask]]:
    """Requests of each kind, the same for every catalog that holds a company."""
    dice = random.Random(11)  # noqa: S311 - the same questions each time
    api, refs = "/api/catalog", company.refs("Component")
    named = [ref.replace(":", "/") for ref in dice.sample(refs, min(300, len(refs)))]
    filters = [f"filter=kind=component,spec.type={kind}" for kind in TYPES]
    fields = quote("metadata.name,metadata.title,spec.profile.displayName")
    things = THINGS[::7]
    return {
        "by name": [Ask(f"{api}/entities/by-name/{each}") for each in named],
        "by refs, 50": [
            Ask(f"{api}/entities/by-refs", json.dumps({"entityRefs": dice.sample(refs, 50)}))
            for _ in range(50)
        ],
        "query, filter and count": [
            Ask(f"{api}/entities/by-query?{each}&limit=20&orderField=metadata.name,asc") for each in filters
        ],
        "full text": [
            Ask(
                f"{api}/entities/by-query?filter=kind=component&limit=20"
                f"&fullTextFilterTerm={each}&fullTextFilterFields={fields}"
            )
            for each in things
        ],
        "facets": [Ask(f"{api}/entity-facets?facet=spec.lifecycle&facet=kind")],
        "facets, filtered": [
            Ask(f"{api}/entity-facets?facet=spec.lifecycle&facet=spec.type&filter=kind=component")
        ],
        "search": [Ask(f"/api/search/query?term={each}&types[0]=software-catalog") for each in things],
        "ancestry": [Ask(f"{api}/entities/by-name/{each}/ancestry") for each in named],
    }
