from pathlib import Path

import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceDiffRequest, RuleSetServiceGetRequest, SourceFile
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

rule_sets = RuleSetServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
serving = rule_sets.Get(RuleSetServiceGetRequest(), timeout=10).rule_set.version
text = Path("docs/api/shop.sua").read_text().replace("20 EUR", "25 EUR")
request = RuleSetServiceDiffRequest()
request.before.version = serving
request.after.sources.files.append(SourceFile(name="shop.sua", text=text))
for change in rule_sets.Diff(request, timeout=30).changes:
    print(change.rule, "at", change.location_after, "reaches", ", ".join(change.dependants))
