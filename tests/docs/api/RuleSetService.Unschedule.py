import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceUnscheduleRequest
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

rule_sets = RuleSetServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
try:
    rule_sets.Unschedule(RuleSetServiceUnscheduleRequest(version="0" * 64), timeout=10)
except grpc.RpcError as error:
    print(error.details())
