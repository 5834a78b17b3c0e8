import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceGetRequest
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = RuleSetServiceStub(channel).Get(RuleSetServiceGetRequest(), timeout=10)
print("plans:", [each.name for each in answer.rule_set.plans])
for event in answer.schema.events:
    print(event.name, {field.name: field.type for field in event.fields})
