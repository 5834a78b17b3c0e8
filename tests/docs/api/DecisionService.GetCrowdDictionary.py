import grpc
from suasion.v1.decision_service_pb2 import GetCrowdDictionaryRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = DecisionServiceStub(channel).GetCrowdDictionary(GetCrowdDictionaryRequest(), timeout=1)
for id, name in enumerate([*answer.crowds, *answer.lists]):
    print(id, name)
