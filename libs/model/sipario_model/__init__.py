"""Entities, refs, kinds and their relations: the catalog's words, without any framework."""

from sipario_model.check import check
from sipario_model.documents import Document, Reading, documents, read
from sipario_model.kinds import KINDS, Kind
from sipario_model.location import LocationError, LocationRef
from sipario_model.problem import Problem, YamlProblem
from sipario_model.ref import EntityRef, RefError
from sipario_model.relation import PAIRS, Relation, RelationType, inverse, relations_of
from sipario_model.status import StatusItem
from sipario_model.urls import safe_annotations, safe_url
from sipario_model.vocabulary import BUILT_IN, Vocabulary

__all__ = [
    "BUILT_IN",
    "KINDS",
    "PAIRS",
    "Document",
    "EntityRef",
    "Kind",
    "LocationError",
    "LocationRef",
    "Problem",
    "Reading",
    "RefError",
    "Relation",
    "RelationType",
    "StatusItem",
    "Vocabulary",
    "YamlProblem",
    "check",
    "documents",
    "inverse",
    "read",
    "relations_of",
    "safe_annotations",
    "safe_url",
]
