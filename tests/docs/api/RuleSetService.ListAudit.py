import grpc
from suasion.v1.rule_set_service_pb2 import Deed, RuleSetServiceListAuditRequest
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

rule_sets = RuleSetServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
for act in rule_sets.ListAudit(RuleSetServiceListAuditRequest(page_size=4), timeout=10).acts:
    print(act.id, Deed.Name(act.deed), act.reason)
