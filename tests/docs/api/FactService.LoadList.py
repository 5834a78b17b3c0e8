import grpc
from suasion.v1.fact_service_pb2 import LoadListRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
request = LoadListRequest(list="staff", user_ids=["u7", "u8"])
answer = FactServiceStub(channel).LoadList(request, timeout=1)
print(answer.user_count, "users,", answer.added_count, "new")
