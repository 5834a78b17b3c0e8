import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceListSchedulesRequest
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

rule_sets = RuleSetServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
answer = rule_sets.ListSchedules(RuleSetServiceListSchedulesRequest(), timeout=10)
print(len(answer.schedules), "versions are to decide")
