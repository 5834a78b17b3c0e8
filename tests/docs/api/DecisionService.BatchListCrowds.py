import grpc
from suasion.v1.decision_service_pb2 import CROWD_FORM_IDS, BatchListCrowdsRequest, GetCrowdDictionaryRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

decisions = DecisionServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
names = decisions.GetCrowdDictionary(GetCrowdDictionaryRequest(), timeout=1).crowds
users = [Subject(user_id=user) for user in ("u1", "u2", "")]
answer = decisions.BatchListCrowds(BatchListCrowdsRequest(subjects=users, form=CROWD_FORM_IDS), timeout=5)
for each in answer.results:
    print(each.error.message or [names[id] for id in each.crowds.crowd_ids])
