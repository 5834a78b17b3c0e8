import grpc
from suasion.v1.fact_service_pb2 import Profile, UpsertProfilesRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
profiles = [Profile(user_id="u1", attributes_json=b'{"country": "de"}')]
answer = FactServiceStub(channel).UpsertProfiles(UpsertProfilesRequest(profiles=profiles), timeout=1)
print(answer.stored_count, "stored")
