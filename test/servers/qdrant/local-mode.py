"""The Python client's local mode behind a pipe: one JSON request a line on stdin, one JSON answer a line on stdout.

Request {"id", "call", "collection", "body"}; answer {"id", "result"} or {"id", "status", "error"}.
It knows nothing of HTTP, keys, indexes or descriptions: those stand before it, in server.ts.
"""

import json
import sys
import warnings

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python
from qdrant_client import models
from qdrant_client.local.qdrant_local import QdrantLocal

warnings.simplefilter("ignore")
local = QdrantLocal(location=sys.argv[1], force_disable_check_same_thread=True)
adapters = {name: TypeAdapter(getattr(models, name)) for name in ("PointInsertOperations", "PointsSelector", "PayloadFieldSchema")}


def parse(name, body):
    return adapters[name].validate_python(body)


def storage(collection):
    """A write outlives a killed process, not a failed machine: no sync to disk at each point."""
    opened = local._get_collection(collection).storage
    if opened is not None:
        opened.storage.execute("PRAGMA synchronous = OFF")


def create(collection, body):
    request = models.CreateCollection(**body)
    local.create_collection(collection, vectors_config=request.vectors, sparse_vectors_config=request.sparse_vectors, metadata=request.metadata)
    storage(collection)
    return True


def update(collection, body):
    request = models.UpdateCollection(**body)
    local.update_collection(collection, sparse_vectors_config=request.sparse_vectors, metadata=request.metadata, vectors_config=request.vectors)
    return True


def upsert(collection, body):
    request = parse("PointInsertOperations", body)
    points = request.batch if isinstance(request, models.PointsBatch) else request.points
    return local.upsert(collection, points, update_filter=request.update_filter, update_mode=request.update_mode)


def chosen(request):
    """The points that a change of payload is about: ids or a filter."""
    return request.points if request.points is not None else models.FilterSelector(filter=request.filter) if request.filter is not None else []


def set_payload(collection, body):
    request = models.SetPayload(**body)
    return local.set_payload(collection, request.payload, chosen(request), key=request.key)


def overwrite_payload(collection, body):
    request = models.SetPayload(**body)
    return local.overwrite_payload(collection, request.payload, chosen(request))


def delete_payload(collection, body):
    request = models.DeletePayload(**body)
    return local.delete_payload(collection, request.keys, chosen(request))


def delete_vectors(collection, body):
    request = models.DeleteVectors(**body)
    return local.delete_vectors(collection, request.vector, chosen(request))


def update_vectors(collection, body):
    request = models.UpdateVectors(**body)
    return local.update_vectors(collection, request.points, update_filter=request.update_filter)


def retrieve(collection, body):
    request = models.PointRequest(**body)
    return local.retrieve(collection, request.ids, default(request.with_payload, True), default(request.with_vector, False))


def scroll(collection, body):
    request = models.ScrollRequest(**body)
    points, following = local.scroll(
        collection, request.filter, default(request.limit, 10), request.order_by, request.offset, default(request.with_payload, True), default(request.with_vector, False)
    )
    return {"points": points, "next_page_offset": following}


def query(collection, body):
    request = models.QueryRequest(**body)
    return local.query_points(
        collection,
        query=request.query,
        using=request.using,
        prefetch=request.prefetch,
        query_filter=request.filter,
        search_params=request.params,
        limit=default(request.limit, 10),
        offset=request.offset,
        # Unlike retrieve and scroll, a query leaves the payload away unless it is asked for.
        with_payload=default(request.with_payload, False),
        with_vectors=default(request.with_vector, False),
        score_threshold=request.score_threshold,
        lookup_from=request.lookup_from,
    )


def facet(collection, body):
    request = models.FacetRequest(**body)
    return local.facet(collection, request.key, request.filter, default(request.limit, 10))


def default(value, otherwise):
    return otherwise if value is None else value


calls = {
    "list": lambda collection, body: [each.name for each in local.get_collections().collections],
    "aliases": lambda collection, body: {each.alias_name: each.collection_name for each in local.get_aliases().aliases},
    "changeAliases": lambda collection, body: local.update_collection_aliases(models.ChangeAliasesOperation(**body).actions),
    "create": create,
    "update": update,
    "delete": lambda collection, body: local.delete_collection(collection),
    "index": lambda collection, body: local.create_payload_index(collection, body["field_name"], parse("PayloadFieldSchema", body["field_schema"])),
    "dropIndex": lambda collection, body: local.delete_payload_index(collection, body["field_name"]),
    "upsert": upsert,
    "deletePoints": lambda collection, body: local.delete(collection, parse("PointsSelector", body)),
    "setPayload": set_payload,
    "overwritePayload": overwrite_payload,
    "deletePayload": delete_payload,
    "clearPayload": lambda collection, body: local.clear_payload(collection, parse("PointsSelector", body)),
    "updateVectors": update_vectors,
    "deleteVectors": delete_vectors,
    "batch": lambda collection, body: local.batch_update_points(collection, models.UpdateOperations(**body).operations),
    "retrieve": retrieve,
    "scroll": scroll,
    "count": lambda collection, body: local.count(collection, models.CountRequest(**body).filter),
    "query": query,
    "queryBatch": lambda collection, body: [query(collection, each) for each in body["searches"]],
    "facet": facet,
}


def answer(request):
    try:
        return {"result": to_jsonable_python(calls[request["call"]](request.get("collection"), request.get("body") or {}))}
    except KeyError as missing:
        return {"status": 404, "error": f"Not found: No point with id {missing} found"}
    except (ValidationError, ValueError, TypeError) as error:
        return {"status": 400, "error": str(error)}
    except NotImplementedError as error:
        return {"status": 501, "error": f"the local mode cannot do this: {error}"}
    except Exception as error:
        return {"status": 500, "error": f"{type(error).__name__}: {error}"}


for name in local.collections:
    storage(name)
print(json.dumps({"id": 0, "result": "ready"}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], **answer(request)}), flush=True)
local.close()
