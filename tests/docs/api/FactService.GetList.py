import grpc
from suasion.v1.fact_service_pb2 import GetListRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = FactServiceStub(channel).GetList(GetListRequest(list="staff"), timeout=1)
print(answer.user_count, "users, version", answer.list_version)
