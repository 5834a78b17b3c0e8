import grpc
import msgpack
from suasion.v1.decision_service_pb2 import BatchCheckCrowdsRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")
french = msgpack.packb({"user": {"country": "fr"}})
users = [Subject(user_id="u1"), Subject(user_id="u1", facts_msgpack=french)]
request = BatchCheckCrowdsRequest(subjects=users, crowds=["german", "staff"])
answer = DecisionServiceStub(channel).BatchCheckCrowds(request, timeout=5)
for each in answer.results:
    print("in:", list(each.crowds.crowds), "unknown:", list(each.crowds.unknown_crowds))
