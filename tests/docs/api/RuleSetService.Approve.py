import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceApproveRequest, RuleSetServiceListRequest
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

rule_sets = RuleSetServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
kept = rule_sets.List(RuleSetServiceListRequest(), timeout=10).versions
idle = next(each.version for each in kept if each.share == 0)
try:
    rule_sets.Approve(RuleSetServiceApproveRequest(version=idle), timeout=10)
except grpc.RpcError as error:
    print(error.details())
